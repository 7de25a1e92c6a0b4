/** The lab's commands: {@code demo}, {@code lab …}, {@code simulate-faults}. */
package io.holdfast.lab.command;
