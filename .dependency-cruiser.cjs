/**
 * The layout as a rule (docs/architecture.md): no files import each other in a circle, and arrows
 * run downwards only, type imports included.
 */

/** The rooms of the package, from the top down. Rooms of one line do not know each other. */
const floors = [
	['KuvarPay.node', 'KuvarPayTrigger.node', 'KuvarPayWebhookTrigger.node'],
	['resources', 'triggers'],
	['operation', 'methods'],
	['stream', 'webhook'],
	['payments'],
	['api'],
];
const pathOf = (rooms) => `^nodes/KuvarPay/(${rooms.join('|').replaceAll('.', '[.]')})[./]`;

const downwards = floors.flatMap((rooms, floor) =>
	rooms.map((room) => ({
		name: `downwards-from-${room}`,
		comment: `${room} may import from the floors below it only`,
		severity: 'error',
		from: { path: pathOf([room]) },
		to: {
			path: pathOf(
				floors
					.slice(0, floor + 1)
					.flat()
					.filter((other) => other !== room),
			),
		},
	})),
);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{
			name: 'no-circle',
			comment: 'Files that import each other can only be understood, moved and tested together',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		...downwards,
		{
			name: 'package-stands-alone',
			comment: 'What is published knows nothing of what it is tested and shown with',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: '^(engine|simulator|bench|test|scripts|examples)/' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|test/e2e/host)/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
	},
};
