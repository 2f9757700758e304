// The example of an AI agent, with a model that says what is written here.
import { setTimeout } from 'node:timers/promises';
import { publishExample } from './examples';
import { Model } from './model';
import { setStage, type Stage } from './stage';

/** n8n takes no answer from a program that previews links, so it gets the name of a browser. */
const BROWSER =
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/140.0.0.0 Safari/537.36';

let stage: Stage;
let model: Model;
let chat: string;
beforeAll(async () => {
	model = await Model.open();
	stage = await setStage();
	const { n8n } = stage;
	const openAiApi = await n8n.rest<{ id: string; name: string }>('/credentials', {
		body: { name: 'Scripted', type: 'openAiApi', data: model.credential },
	});
	await publishExample(n8n, 'agent-with-approval', (node) => {
		if (node.type.endsWith('chatTrigger')) {
			Object.assign(node.parameters, { public: true });
			chat = `${n8n.url}/webhook/${node.webhookId}/chat`;
		}
		if (node.type.endsWith('lmChatOpenAi')) node.credentials = { openAiApi };
	});
});
afterAll(async () => {
	await stage?.close();
	await model?.close();
});

/** Says something to the agent; gives what n8n answers. */
async function say(chatInput: string, sessionId: string): Promise<string> {
	const response = await fetch(chat, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput }),
	});
	return await response.text();
}

/** Follows the link below a word in an email, as the browser of somebody does who has read it. */
async function press(email: string, word: string): Promise<void> {
	const [, link] = new RegExp(`href="([^"]+)"[^>]*>${word}<`).exec(email) ?? [];
	await fetch(link, { headers: { 'user-agent': BROWSER } });
}

it('looks payments up without asking anybody', async () => {
	const { id } = stage.simulator.createTransaction({ toAmount: 1000 });
	model.says({ tool: 'Find_Payments', arguments: {} }, 'One payment came in.');
	expect(await say('Which payments came in?', 'one')).toContain('One payment came in.');
	expect(model.told.join()).toContain(id);
	expect(stage.mailbox.emails).toEqual([]);
});

it.each([
	['charges a subscriber once a person has agreed', 'Approve', 1],
	['charges nobody when the person declines', 'Decline', 0],
])('%s', async (_, answer, times) => {
	const { simulator, mailbox } = stage;
	const { create, requests } = simulator;
	const customer = create.customer({ email: 'ada@example.com' });
	const { id } = create.subscription({ customerId: customer.id, status: 'ACTIVE' });
	const asked = { subscriptionId: id, amount: '12.50', description: 'Extra seats' };
	const call = { toolParameters: asked, hitlParameters: {} };
	model.says({ tool: 'Charge_a_Subscriber', arguments: call }, 'As you like.');
	const charges = () =>
		requests.filter(({ method, path }) => method === 'POST' && path.includes(id)).length;

	mailbox.emails.length = 0;
	await say('Charge Ada for her extra seats', answer);
	const email = await mailbox.emailTo('owner@example.com');
	expect(email).toContain('The agent wants to run Charge_a_Subscriber');
	expect(email).toContain('Extra seats');
	expect(charges()).toBe(0);

	const questions = model.questions.length;
	await press(email, answer);
	while (model.questions.length === questions) await setTimeout(50);
	expect(charges()).toBe(times);
	expect(model.told.join()).toContain(times ? '12.50' : 'rejected');
});
