import type { Editor } from './editor';

/** Fills the form of Create Invoice in as the README shows it: two shirts for Ada, 9000 naira. */
export async function fillInvoice(editor: Editor): Promise<void> {
	await editor.newWorkflow();
	await editor.add('Create invoice');
	await editor.fill('customerName', 'Ada Obi');
	await editor.fill('customerEmail', 'ada@example.com');
	await editor.whileListing(async () => {
		await editor.page.getByRole('button', { name: 'Add Item' }).click();
	});
	await editor.choose('currency', 'NGN (Nigerian Naira)');
	await editor.fill('description', 'Cotton shirt, blue');
	await editor.fill('quantity', '2');
	await editor.fill('unitPrice', '4500');
}
