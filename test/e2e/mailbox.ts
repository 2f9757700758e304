// A mail server on loopback that takes every email and keeps it.
import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

const END = '\r\n.\r\n';

export class Mailbox {
	/** Emails as their reader sees them, head and text, oldest first. */
	readonly emails: string[] = [];
	private readonly server = createServer((socket) => this.talk(socket));
	/** Tells of each email. */
	readonly arrivals = new EventEmitter<{ email: [email: string] }>();

	static async open(): Promise<Mailbox> {
		const mailbox = new Mailbox();
		mailbox.server.listen(0, '127.0.0.1');
		await once(mailbox.server, 'listening');
		return mailbox;
	}

	/** What n8n's credential "SMTP" has to hold. */
	get credential() {
		const { port } = this.server.address() as AddressInfo;
		return {
			host: '127.0.0.1',
			port,
			secure: false,
			disableStartTls: true,
			user: '',
			password: '',
		};
	}

	/** The first email to somebody; waits until it is there. */
	async emailTo(address: string): Promise<string> {
		for (;;) {
			const found = this.emails.find((email) => email.includes(`To: ${address}`));
			if (found !== undefined) return found;
			await once(this.arrivals, 'email');
		}
	}

	async close(): Promise<void> {
		await new Promise((resolve) => this.server.close(resolve));
	}

	/** Says yes to everything: SMTP as far as a client that wants to be rid of an email needs it. */
	private talk(socket: Socket): void {
		let text = '';
		let inEmail = false;
		socket.setEncoding('utf8').on('error', () => {});
		socket.write('220 mailbox\r\n');
		socket.on('data', (chunk: string) => {
			text += chunk;
			for (;;) {
				const end = text.indexOf(inEmail ? END : '\r\n');
				if (end === -1) return;
				const part = text.slice(0, end);
				text = text.slice(end + (inEmail ? END.length : 2));
				if (inEmail) {
					inEmail = false;
					const email = readable(part);
					this.emails.push(email);
					this.arrivals.emit('email', email);
					socket.write('250 taken\r\n');
				} else if (/^data/i.test(part)) {
					inEmail = true;
					socket.write('354 go on\r\n');
				} else if (/^quit/i.test(part)) {
					socket.end('221 bye\r\n');
				} else {
					socket.write('250 yes\r\n');
				}
			}
		});
	}
}

/** Long lines as they were written (RFC 5322, 2.2.3; RFC 2045, 6.7), and the signs that links need. */
const readable = (email: string): string =>
	email.replace(/=\r\n|\r\n(?= )/g, '').replaceAll('=3D', '=');
