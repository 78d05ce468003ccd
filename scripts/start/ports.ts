import { createServer } from "node:net";
import { Failure } from "../support/failure.ts";

/** Throws a Failure that says what to do when nothing can listen on this port of this machine. */
export async function requireFreePort(port: number): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new Failure(
        `Port ${String(port)} is in use. Stop what uses it, or take another: PORT=${String(port + 1)} npm start.`,
      );
    }
    if (code === "EACCES") throw new Failure(`Port ${String(port)} is not for this user. Take one above 1023.`);
    throw error;
  }
}

/** A port that is free now; the system picks it. */
export function findFreePort(): Promise<number> {
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const listened = typeof address === "object" && address ? address.port : port;
      server.close(() => {
        resolve(listened);
      });
    });
  });
}
