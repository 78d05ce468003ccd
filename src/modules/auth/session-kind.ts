/** How a session was opened, and how its tokens travel. */

export const SESSION_METHODS = ["password", "pin", "passkey"] as const;
export type SessionMethod = (typeof SESSION_METHODS)[number];

export const SESSION_TRANSPORTS = ["bearer", "cookie"] as const;
export type SessionTransport = (typeof SESSION_TRANSPORTS)[number];
