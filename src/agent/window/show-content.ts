import { Failure } from '../../base/failure.ts';
import type { ToldContent } from '../../control/acts/shared-shapes.ts';
import { readContent, readLocalContent } from '../../engine/content/read-content.ts';
import type { NodeId } from '../../model/ids.ts';
import type { ContentRef } from '../../model/node.ts';
import type { Session } from '../open-session.ts';

/** A content, and the node that may have it on this disk. */
export interface ShownContent {
  readonly ref: ContentRef;
  readonly node: NodeId | undefined;
}

/** The content for a window, from this disk where it is there, else from the store. Throws what the store throws. */
export async function showContent(
  { parts }: Session,
  { ref, node }: ShownContent,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<ToldContent> {
  if (ref.sizeBytes > maxBytes) return { is: 'too-large', size: ref.sizeBytes };
  try {
    const local = node === undefined ? undefined : await readLocalContent(parts, node, ref);
    const bytes = local ?? (await readContent(parts, ref, signal));
    return { is: 'content', base64: Buffer.from(bytes).toString('base64'), size: bytes.byteLength };
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_MISSING') return { is: 'gone' };
    throw error;
  }
}
