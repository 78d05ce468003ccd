/** Dependencies that are out of reach, to be put in the place of a binding. */

interface Prepared {
  bind: () => Prepared;
}

const prepared: Prepared = { bind: () => prepared };

/** A database that refuses every batch with this message. */
export function brokenD1(message: string) {
  return { prepare: () => prepared, batch: () => Promise.reject(new Error(message)) };
}

/** A database that never answers. */
export function silentD1() {
  return { prepare: () => prepared, batch: () => new Promise<never>(() => undefined) };
}

/** A namespace whose objects can't be reached. */
export function brokenGate() {
  const unreachable = () => Promise.reject(new Error("the object is out of reach"));
  return { getByName: () => ({ pass: unreachable, revoke: unreachable }) };
}

/** Static files, by path; what is not among them is 404. */
export function assetsOf(files: Record<string, string>) {
  return {
    fetch: (request: Request): Promise<Response> => {
      const file = files[new URL(request.url).pathname];
      if (file === undefined) return Promise.resolve(new Response(null, { status: 404 }));
      const headers = { ETag: '"of-the-file"', "Cache-Control": "public, max-age=0, must-revalidate" };
      const unchanged = request.headers.get("If-None-Match") === headers.ETag;
      return Promise.resolve(new Response(unchanged ? null : file, { status: unchanged ? 304 : 200, headers }));
    },
  };
}
