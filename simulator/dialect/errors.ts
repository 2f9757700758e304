import { STATUS_CODES } from 'node:http';

import { ApiError, type Problem } from '../answers';
import type { Json } from '../state';
import type { Dialect, ErrorDialect } from './types';

/** A response, ready to be sent. */
export interface Written {
	status: number;
	payload: string;
	headers: Record<string, string>;
}

/** Writes a refusal in the dialect's shape. */
export function writeError(
	dialect: ErrorDialect,
	error: ApiError,
	/** Whether an operation refuses, and not what stands before it: the key, the path, a limit. */
	ofOperation: boolean,
): Written {
	const { message, headers } = error;
	const status = dialect.as200 && ofOperation ? 200 : error.status;
	if (dialect.shape === 'text') return written(status, message, 'text/plain', headers);
	if (dialect.shape === 'html') return written(status, page(message), 'text/html', headers);
	const told = bodyOf(dialect, error);
	const body = status === 200 ? { success: false, ...told } : told;
	const type = dialect.shape === 'problem' ? 'application/problem+json' : 'application/json';
	return written(status, JSON.stringify(body), type, headers);
}

/** Writes what a path is answered with that does not exist. */
export function writeNoRoute({ noRoute, errors }: Dialect, method: string, path: string): Written {
	const { status, body } = noRoute;
	if (body === 'html') return written(status, page(`Cannot ${method} ${path}`), 'text/html');
	if (body === 'text') return written(status, '404 page not found', 'text/plain');
	if (body === 'empty') return { status, payload: '', headers: {} };
	return writeError(errors, new ApiError(status, `Route ${method} ${path} not found`), false);
}

/** Writes a web page, as servers do that were not made for programs. */
function page(message: string): string {
	const text = message.replace(/&/g, '&amp;').replace(/</g, '&lt;');
	return `<!DOCTYPE html>\n<html lang="en"><head><title>Error</title></head><body><pre>${text}</pre></body></html>\n`;
}

/** A response with a body of that type. */
export function written(
	status: number,
	payload: string,
	type: string,
	headers: Record<string, string> = {},
): Written {
	return { status, payload, headers: { 'content-type': `${type}; charset=utf-8`, ...headers } };
}

function bodyOf({ shape }: ErrorDialect, { status, message, problems }: ApiError): Json {
	const title = STATUS_CODES[status] ?? 'Error';
	const list = problems.length > 0 ? problems : [{ message }];
	switch (shape) {
		case 'message':
			return { message };
		case 'messages':
			return { statusCode: status, message: list.map(inWords), error: title };
		case 'coded':
			return { error: { code: title.toUpperCase().replace(/\W+/g, '_'), message } };
		case 'list':
			return { errors: list };
		case 'byField':
			return { message: title, errors: byField(list) };
		case 'problem':
			return { type: 'about:blank', title, status, detail: message };
		case 'detail':
			return { detail: message };
		default:
			return { success: false, error: message };
	}
}

function inWords({ field, message }: Problem): string {
	return field !== undefined && !message.includes(field) ? `${field} ${message}` : message;
}

function byField(list: readonly Problem[]): Record<string, string[]> {
	const table: Record<string, string[]> = {};
	for (const { field, message } of list) (table[field ?? 'base'] ??= []).push(message);
	return table;
}
