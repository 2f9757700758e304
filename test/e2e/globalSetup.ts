import { chromiumPath } from './browser';
import { installHost } from './install';

/** Says at once what is missing, and installs n8n before the first test's clock runs. */
export default async function setUp(): Promise<void> {
	chromiumPath();
	await installHost();
}
