/**
 * A value as it stands in vector files: maps are lists of pairs, what is absent is null. That a file did not come from outside stands
 * nowhere: the first vectors are older than the fact.
 */
export function plainJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, field: unknown) => {
      if (field instanceof Map) return [...(field as ReadonlyMap<unknown, unknown>)];
      if (key === 'fromOutside' && field === false) return undefined;
      return field === undefined ? null : field;
    }),
  );
}
