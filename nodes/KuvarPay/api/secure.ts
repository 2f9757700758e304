/** Hosts to which plain http does not leave this machine. */
const LOOPBACK = /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether nobody on the way to the address can read the key: https, or a server on this machine. */
export const isSecure = ({ protocol, hostname }: URL): boolean =>
	protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
