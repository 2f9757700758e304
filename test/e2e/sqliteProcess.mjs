// Runs SQL on an SQLite file, as the parent process asks for it; see sqlite.ts. Needs Node.js 24.
import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.argv[2], { timeout: 60_000 });

process.on('message', ({ id, sql }) => {
	try {
		process.send({ id, rows: database.prepare(sql).all() });
	} catch (error) {
		process.send({ id, error: String(error) });
	}
});
process.on('disconnect', () => process.exit(0));
