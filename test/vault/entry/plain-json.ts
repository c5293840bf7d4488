/** A value as it stands in vector files: maps are lists of pairs, what is absent is null. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, field: unknown) => {
      if (field instanceof Map) return [...(field as ReadonlyMap<unknown, unknown>)];
      return field === undefined ? null : field;
    }),
  );
}
