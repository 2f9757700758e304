import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// n8n's own rules run as the package gate (test/package), as n8n's reviewers run them: over the
// sources and the packed tarball, without inline exceptions.
export default tseslint.config(
	{ ignores: ['dist/', '.cache/', 'test/e2e/host/', 'test/engine/fixtures/'] },
	js.configs.recommended,
	...tseslint.configs.recommended,
	{
		files: ['**/*.{js,cjs,mjs}'],
		languageOptions: {
			globals: {
				module: 'writable',
				require: 'readonly',
				exports: 'writable',
				process: 'readonly',
				console: 'readonly',
			},
		},
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},
	{
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
			],
		},
	},
);
