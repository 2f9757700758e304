// What n8n wrote into its database.
import type { Postgres } from '../../test/e2e/services';
import type { Sqlite } from '../../test/e2e/sqlite';

export type Database = Postgres | Sqlite;

/** Of a workflow's static data, as the database saw it. */
export interface Written {
	saves: number;
	/** Bytes of the largest. */
	largest: number;
	/** Bytes of all. */
	sum: number;
}

const COUNT = {
	sqlite: 'length(cast(new."staticData" as blob))',
	postgres: 'octet_length(new."staticData"::text)',
};

/** Makes the database note the size of every static data that is saved from now on. */
export async function noteStaticData(database: Database): Promise<void> {
	await database.execute('create table saved_static_data ("workflowId" text, bytes integer)');
	const note = (bytes: string) =>
		`insert into saved_static_data select new.id, ${bytes} where new."staticData" is not null;`;
	const on = 'noted after update of "staticData" on workflow_entity for each row';
	if (!isPostgres(database)) {
		await database.execute(`create trigger ${on} begin ${note(COUNT.sqlite)} end`);
		return;
	}
	await database.execute(
		`create function note() returns trigger language plpgsql as
		 $$ begin ${note(COUNT.postgres)} return null; end $$`,
	);
	await database.execute(`create trigger ${on} execute function note()`);
}

/** What was saved for a workflow since `noteStaticData`. */
export async function savedStaticData(database: Database, workflowId: string): Promise<Written> {
	const [written] = await database.query<Written>(
		`select count(*) as saves, coalesce(max(bytes), 0) as largest, coalesce(sum(bytes), 0) as sum
		 from saved_static_data where "workflowId" = '${workflowId}'`,
	);
	return written;
}

/** How many executions of a workflow there are, and how many of them have ended. */
export async function executionsOf(
	database: Database,
	workflowId: string,
): Promise<{ begun: number; ended: number }> {
	const [counts] = await database.query<{ begun: number; ended: number }>(
		`select count(*) as begun,
		 coalesce(sum(case when status in ('new', 'running') then 0 else 1 end), 0) as ended
		 from execution_entity where "workflowId" = '${workflowId}'`,
	);
	return counts;
}

/** How many executions of a workflow tell of each of these. */
export async function toldOf(
	database: Database,
	workflowId: string,
	ids: string[],
): Promise<Map<string, number>> {
	const rows = await database.query<{ data: string }>(
		`select data from execution_data d join execution_entity e on e.id = d."executionId"
		 where e."workflowId" = '${workflowId}'`,
	);
	const told = new Map(ids.map((id) => [id, 0]));
	for (const { data } of rows)
		for (const id of ids) if (data.includes(`"${id}"`)) told.set(id, told.get(id)! + 1);
	return told;
}

const isPostgres = (database: Database): database is Postgres => 'environment' in database;
