/** In percent of what is usual. By itself: windows need no schemas. */
export const textSizes = [100, 125, 150, 200] as const;
export type TextSize = (typeof textSizes)[number];
