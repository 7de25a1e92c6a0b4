/**
 * From files to statements. A file's lines go through these steps, each of which knows one thing:
 *
 * <ol>
 *   <li>{@link io.holdfast.vrrp.config.text.ConfigFiles}: what lies on the disk;
 *   <li>{@link io.holdfast.vrrp.config.text.LineCleaner}: comments, remarks, blanks that are none;
 *   <li>{@link io.holdfast.vrrp.config.text.Preprocessor}: includes, {@code @} conditions, {@code
 *       $} definitions, {@code ~SEQ} and {@code ~LST};
 *   <li>{@link io.holdfast.vrrp.config.text.WordSplitter}: words and quotes;
 *   <li>{@link io.holdfast.vrrp.config.text.StatementParser}: the tree of {@link
 *       io.holdfast.vrrp.config.text.Statement}s, each with its place.
 * </ol>
 *
 * <p>No step throws for what a file says: each writes a {@link
 * io.holdfast.vrrp.config.text.Finding} and goes on, so that one run tells every mistake.
 */
@org.jspecify.annotations.NullMarked
package io.holdfast.vrrp.config.text;
