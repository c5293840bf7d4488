/** One step of the index's schema. Once released it never changes: later changes are later steps. */
export interface Migration {
  /** 1, 2, 3 …: the schema's number after this step (`user_version` of the file). */
  readonly number: number;
  /** One or more statements; run inside the transaction that also moves the number. */
  readonly sql: string;
}
