/** How a server is brought to speak TLS: at once, or after a few words of its own protocol. */
export const protocols = ['tls', 'smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres', 'mysql'] as const;

export type Protocol = (typeof protocols)[number];
