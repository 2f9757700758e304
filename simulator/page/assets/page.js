/* global document, window, EventSource, URL, location, navigator, setInterval */
// Keeps an open page up to date: what the server sends, the time left, copying, and the shop's frame.
(() => {
	const main = document.querySelector('main');
	const said = document.querySelector('[role="status"]');
	const sessionId = decodeURIComponent(location.pathname.split('/')[2] ?? '');

	/** Tells the SDK in the shop's page; alone, nobody listens. */
	const tell = (message) => {
		if (window.parent !== window) {
			window.parent.postMessage({ kuvarpay: { sessionId, ...message } }, '*');
		}
	};

	const tellStatus = () => {
		const { status } = main.querySelector('[data-status]')?.dataset ?? {};
		if (status) tell({ status });
	};

	/** Buttons that only make sense within a frame. */
	const showButtons = () => {
		for (const button of main.querySelectorAll('[data-close]')) {
			button.hidden = window.parent === window;
		}
	};

	const count = () => {
		for (const time of main.querySelectorAll('[data-until]')) {
			const left = Math.max(0, Math.round((Date.parse(time.dataset.until) - Date.now()) / 1000));
			const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60].map(Math.floor);
			const parts = hours > 0 ? [hours, minutes, seconds] : [minutes, seconds];
			time.textContent = parts.map((part) => String(part).padStart(2, '0')).join(':');
			time.classList.toggle('soon', left < 120);
		}
	};

	const show = ({ version, view }) => {
		if (version === main.dataset.version) return;
		const hadFocus = main.contains(document.activeElement);
		main.innerHTML = view;
		main.dataset.version = version;
		const headline = main.querySelector('h2');
		said.textContent = headline?.textContent ?? '';
		// What had the focus is gone; without this the keyboard would start at the top again.
		if (hadFocus) headline?.focus();
		showButtons();
		count();
		tellStatus();
	};

	const copy = async (button) => {
		const input = document.getElementById(button.dataset.copy);
		input.select();
		try {
			await navigator.clipboard.writeText(input.value);
		} catch {
			// Frames are often denied the clipboard; the selected text is still theirs to copy.
			document.execCommand('copy');
		}
		button.textContent = 'Copied';
		said.textContent = 'Copied';
	};

	document.addEventListener('click', (event) => {
		const button = event.target.closest?.('button');
		if (button?.dataset.copy) void copy(button);
		if (button && 'close' in button.dataset) tell({ close: true });
	});
	document.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') tell({ close: true });
	});

	showButtons();
	count();
	tellStatus();
	setInterval(count, 1000);
	if (main.dataset.version) {
		const live = new URL(location.href);
		live.pathname += '/live';
		new EventSource(live).onmessage = ({ data }) => show(JSON.parse(data));
	}
})();
