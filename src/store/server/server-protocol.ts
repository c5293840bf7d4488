/**
 * What our own server and its client say to each other, on top of plain HTTP:
 *
 *     PUT    /NAME/objects/OBJECT             201 stored, 409 exists, 413, 507; body with Content-Length
 *     GET    /NAME/objects/OBJECT             200, with Range 206 or 416, 404
 *     DELETE /NAME/objects/OBJECT             204
 *     GET    /NAME/names?prefix&after&limit   200 {"names": [...], "more": bool}
 *     PUT    /NAME/hint                       204
 *     GET    /NAME/hint                       200 with ETag, 304 by If-None-Match, 404
 *     GET    /NAME/watch?since                200 {"cursor": "..."}; at once unless `since` is the current cursor, else held
 *     GET    /health                          200 {"ok": true}, without a token
 *
 * 400: what can't be asked; also an object above or below another one, as `a` and `a/b`.
 * Everything but /health wants `Authorization: Bearer TOKEN`: 401 without a known token, 403 where it may not do this.
 * 429 with Retry-After: too many requests or watchers.
 */
export const serverPaths = {
  object: (store: string, name: string): string => `/${store}/objects/${name}`,
  names: (store: string): string => `/${store}/names`,
  hint: (store: string): string => `/${store}/hint`,
  watch: (store: string): string => `/${store}/watch`,
} as const;

/** Stands in every answer, so that a login page of some network is not taken for the store. */
export const serverMark = { header: 'cachette-store', value: '1' } as const;

/** How long the server holds a watch at most; its client waits longer. */
export const watchHoldMs = 50_000;

/** A store of the server: one segment of a path. */
export function isServerStoreName(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text) && text !== 'health';
}
