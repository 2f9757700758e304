import { fillInvoice } from './invoiceForm';
import { setStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
});
afterAll(async () => await stage?.close());

describe('"Invoice: create and email", built by clicking', () => {
	it('creates the invoice, emails it and shows both', async () => {
		const editor = await stage.open();
		await fillInvoice(editor);
		await editor.executeStep();
		await editor.output.getByText('9000').first().waitFor();
		const [invoice] = [...stage.simulator.state.invoices.values()];
		await editor.output.getByText(invoice.id).first().waitFor();
		await editor.closeForm();

		await editor.add('Send invoice email');
		await editor.express('invoiceId', '{{ $json.id }}', invoice.id);
		await editor.executeStep();
		await editor.output.getByText('ada@example.com').first().waitFor();

		const sent = stage.simulator.requests.map(({ operationId }) => operationId);
		expect(sent.filter((id) => id?.startsWith('invoice.'))).toEqual([
			'invoice.create',
			'invoice.sendEmail',
		]);
		expect(stage.simulator.contractViolations).toEqual([]);
		expect(editor.errors).toEqual([]);
	});
});
