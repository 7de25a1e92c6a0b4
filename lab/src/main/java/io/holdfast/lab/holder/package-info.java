/**
 * Labs that outlive the command that built them (--keep): {@link io.holdfast.lab.holder.KeptLab}.
 */
package io.holdfast.lab.holder;
