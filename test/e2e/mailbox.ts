// A mail server on loopback that takes every email and keeps it.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

const END = '\r\n.\r\n';

export class Mailbox {
	/** Emails as they came, head and text, oldest first. */
	readonly emails: string[] = [];
	private readonly server = createServer((socket) => this.talk(socket));
	private arrived: () => void = () => {};

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

	/** The email with that number, counted from 0; waits until it is there. */
	async email(index: number): Promise<string> {
		while (this.emails.length <= index)
			await new Promise<void>((resolve) => {
				this.arrived = resolve;
			});
		return this.emails[index];
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
					this.emails.push(part);
					this.arrived();
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
