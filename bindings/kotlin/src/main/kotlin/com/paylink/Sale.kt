package com.paylink

import com.paylink.core.PaymentLink
import com.paylink.core.Problem

/** What became of a draft. */
public sealed interface Sale {
    /** It is on the disk, and becomes a link by itself. */
    public data class Saved(val link: PaymentLink) : Sale

    /** It has problems, at least one of them an error; nothing was saved. */
    public data class Refused(val problems: List<Problem>) : Sale
}
