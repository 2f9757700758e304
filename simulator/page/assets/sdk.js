/* global document, window, URL */
// Stands in for KuvarPay's browser SDK, as far as public clients of it show what it is like:
//   <script src=".../kuvarpay-sdk.js" data-api-key data-business-id data-base-url data-debug data-inline-checkout>
//   KuvarPay.init({ apiKey, businessId, baseUrl })
//   KuvarPay.openPayment({ sessionId, authToken }, { onSuccess, onCancel, onError }, { theme })
// `apiKey` is a publishable key. This server asks for none; data-inline-checkout changes nothing here.
(() => {
	const script = document.currentScript;
	const { apiKey, businessId, baseUrl, debug } = script.dataset;
	const config = { apiKey, businessId, baseUrl: baseUrl || new URL(script.src).origin };
	const log = (...words) => {
		if (debug !== undefined && debug !== 'false')
			window.console.log('KuvarPay simulator:', ...words);
	};

	/** What ends a payment without success, and why. */
	const FAILURES = {
		EXPIRED: 'The payment expired',
		FAILED: 'The payment failed',
		REFUNDED: 'The payment was refunded',
		REFUSED: 'The payment could not be opened',
	};

	const STYLE = `
		dialog.kuvarpay { width: min(56rem, 100vw - 1.5rem); height: min(46rem, 100vh - 1.5rem); max-width: none;
			max-height: none; padding: 0; border: 0; border-radius: 1rem; overflow: hidden;
			box-shadow: 0 1.5rem 5rem rgb(0 0 0 / 40%); }
		dialog.kuvarpay::backdrop { background: rgb(10 16 24 / 60%); backdrop-filter: blur(3px); }
		dialog.kuvarpay iframe { width: 100%; height: 100%; border: 0; display: block; }
		dialog.kuvarpay button { position: absolute; top: .75rem; right: .75rem; width: 2.25rem; height: 2.25rem;
			padding: 0; border: 0; border-radius: 50%; font: 1.1rem/1 system-ui; cursor: pointer;
			background: rgb(120 130 140 / 22%); color: inherit; }
		@media (max-width: 40rem) { dialog.kuvarpay { width: 100vw; height: 100vh; border-radius: 0; } }`;

	function init(options = {}) {
		for (const [name, value] of Object.entries(options)) if (value) config[name] = value;
		log('init', { ...config, apiKey: config.apiKey && '…' });
		return window.KuvarPay;
	}

	function openPayment({ sessionId, authToken } = {}, callbacks = {}, { theme } = {}) {
		if (!sessionId) {
			callbacks.onError?.(new Error('openPayment needs a sessionId'));
			return;
		}
		const address = new URL(`/checkout/${encodeURIComponent(sessionId)}`, config.baseUrl);
		address.searchParams.set('embedded', '');
		if (authToken) address.searchParams.set('token', authToken);
		if (theme) address.searchParams.set('theme', theme);
		new Checkout(sessionId, address.href, callbacks, theme).open();
	}

	class Checkout {
		/** Each payment ends once for the shop, however often its page tells of it. */
		ended = false;

		constructor(sessionId, address, callbacks, theme) {
			Object.assign(this, { sessionId, callbacks });
			const make = (name, properties) => Object.assign(document.createElement(name), properties);
			this.frame = make('iframe', { src: address, title: 'Payment', allow: 'clipboard-write *' });
			const dark = theme
				? theme === 'dark'
				: window.matchMedia('(prefers-color-scheme: dark)').matches;
			const close = make('button', {
				type: 'button',
				textContent: '✕',
				onclick: () => this.close(),
			});
			close.setAttribute('aria-label', 'Close the payment');
			close.style.color = dark ? '#fff' : '#222';
			this.dialog = make('dialog', { className: 'kuvarpay' });
			this.dialog.style.background = dark ? '#13171f' : '#fff';
			this.dialog.append(make('style', { textContent: STYLE }), this.frame, close);
			this.dialog.addEventListener('close', () => this.closed());
		}

		open() {
			window.addEventListener('message', this.listen);
			document.body.append(this.dialog);
			this.dialog.showModal();
			log('open', this.sessionId);
		}

		close() {
			this.dialog.close();
		}

		listen = ({ source, data }) => {
			const message = data?.kuvarpay;
			if (source !== this.frame.contentWindow || !message) return;
			if (message.close) this.close();
			if (!message.status) return;
			log('status', message.status);
			if (message.status === 'COMPLETED') this.end('onSuccess', this.sessionId);
			else if (message.status === 'CANCELLED') this.close();
			else if (FAILURES[message.status]) this.end('onError', new Error(FAILURES[message.status]));
		};

		closed() {
			window.removeEventListener('message', this.listen);
			this.dialog.remove();
			this.end('onCancel');
		}

		end(callback, ...values) {
			if (this.ended) return;
			this.ended = true;
			log(callback);
			this.callbacks[callback]?.(...values);
		}
	}

	window.KuvarPay = { init, openPayment };
})();
