/** Who is here: links, views, quorum, leases. */
package io.holdfast.membership;
