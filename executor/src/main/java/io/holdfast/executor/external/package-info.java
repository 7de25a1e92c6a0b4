@org.jspecify.annotations.NullMarked
package io.holdfast.executor.external;
