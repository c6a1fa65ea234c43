import { Dialog } from "../dialog/dialog.ts";
import { parseWhole } from "../message/grammar.ts";
import { bodyOf, type SipBody, type SipRequest, type SipResponse, toTagOf } from "../message/sip-message.ts";
import type { CallContext, DialogOwner } from "./call-context.ts";

/** Branches of one forked call that are followed at once; further ones are only rung. */
const MAX_BRANCHES = 16;

type Branch = { readonly dialog: Dialog; lastRseq: number | undefined; body: SipBody | undefined };

/** The dialogs that provisional responses to one INVITE have made. */
export class EarlyDialogs {
  readonly #context: CallContext;
  readonly #owner: DialogOwner;
  readonly #branches = new Map<string, Branch>();

  constructor(context: CallContext, owner: DialogOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** The dialog of a response, made if it is new; undefined without a tag or with too many branches. */
  open(request: SipRequest, response: SipResponse): Dialog | undefined {
    const tag = toTagOf(response);
    if (tag === undefined) return undefined;
    const body = response.status < 200 ? bodyOf(response) : undefined;
    const known = this.#branches.get(tag);
    if (known) {
      known.body = body ?? known.body;
      return known.dialog;
    }
    if (this.#branches.size >= MAX_BRANCHES) return undefined;
    const dialog = Dialog.ofResponse(request, response);
    this.#branches.set(tag, { dialog, lastRseq: undefined, body });
    this.#context.addDialog(dialog, this.#owner);
    return dialog;
  }

  /** The dialog of the branch with this tag. */
  of(tag: string | undefined): Dialog | undefined {
    return this.#branches.get(tag ?? "")?.dialog;
  }

  /** What the last 18x of a branch said of its media. */
  bodyOf(dialog: Dialog | undefined): SipBody | undefined {
    return this.#branches.get(dialog?.remoteTag ?? "")?.body;
  }

  /** True when this reliable 18x is the next of its branch: it wants a PRACK. Repetitions and gaps want none. */
  takeRseq(response: SipResponse): boolean {
    const branch = this.#branches.get(toTagOf(response) ?? "");
    const rseq = parseWhole(response.headers.get("rseq") ?? "", 2 ** 32 - 1);
    if (!branch || rseq === undefined) return false;
    if (branch.lastRseq !== undefined && rseq !== branch.lastRseq + 1) return false;
    branch.lastRseq = rseq;
    return true;
  }

  /** Forgets all branches but one. */
  keepOnly(dialog: Dialog | undefined): void {
    for (const [tag, branch] of this.#branches) {
      if (branch.dialog === dialog) continue;
      this.#context.removeDialog(branch.dialog);
      this.#branches.delete(tag);
    }
  }
}
