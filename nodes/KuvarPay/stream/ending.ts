/**
 * That something comes to its end, once. Its signal is made when somebody waits for it: it takes a
 * kilobyte of heap, and of a thousand streams that are open none waits for anything.
 */
export class Ending {
	#isOver = false;
	#controller?: AbortController;

	get isOver(): boolean {
		return this.#isOver;
	}

	get signal(): AbortSignal {
		this.#controller ??= new AbortController();
		if (this.#isOver) this.#controller.abort();
		return this.#controller.signal;
	}

	end(): void {
		this.#isOver = true;
		this.#controller?.abort();
	}
}
