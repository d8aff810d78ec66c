/**
 * Work that outlives the process that asked for it. A message comes at least once: again when whoever had it died, and
 * now and then for no reason. Messages are small, and hold names and numbers, never a prompt.
 */
export interface WorkQueue {
  /** @throws HouseError: some may have been sent */
  send(queue: string, bodies: readonly string[], options?: SendOptions): Promise<void>;
  /** At most ten. @throws HouseError */
  receive(queue: string, options: ReceiveOptions): Promise<readonly WorkMessage[]>;
  /** Nobody else sees it for so long from now. @throws HouseError */
  hide(queue: string, message: WorkMessage, seconds: number): Promise<void>;
  /** It is done. @throws HouseError */
  remove(queue: string, message: WorkMessage): Promise<void>;
}

export interface SendOptions {
  /** 0 to 900, before anybody sees them. @default 0 */
  readonly delaySeconds?: number | undefined;
  /** Whose work it is: who has much of it in hand lets others' go first, where the queue knows how. @default - nobody's */
  readonly owner?: string | undefined;
}

export interface ReceiveOptions {
  readonly messagesMax: number;
  /** How long to wait for the first one, 0 to 20. */
  readonly waitSeconds: number;
  /** How long nobody else sees what is received. */
  readonly hiddenSeconds: number;
  readonly signal: AbortSignal;
}

export interface WorkMessage {
  readonly body: string;
  /** Of this receipt. */
  readonly handle: string;
  /** Times that it was received, this one included. */
  readonly receipts: number;
}
