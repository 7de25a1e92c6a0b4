/** What the tools print: cluster status, summary, scores, transition graph; and nothing else. */
@NullMarked
package io.holdfast.scheduler.text;

import org.jspecify.annotations.NullMarked;
