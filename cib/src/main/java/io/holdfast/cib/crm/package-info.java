/**
 * The crm shell's text for a configuration, both ways.
 *
 * <p>Read {@link io.holdfast.cib.crm.CrmConfigure} (load, show, save), then the way of a text in:
 * {@code Lexer} (lines to statements), {@code Statements} (which keyword is read by whom), one
 * {@code …Syntax} class for each kind of statement, reading and printing it side by side, and
 * {@code Assembly} (statements into a CIB, by load mode).
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.cib.crm;
