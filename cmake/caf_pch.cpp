// Gives the precompiled CAF headers a target of their own; see QuireCaf.cmake.
