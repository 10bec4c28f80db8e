# CAF's headers take seconds to parse and every actor includes them, so they are compiled once for all.
# A precompiled header is only taken by compilations with the same options: what uses CAF keeps to the options of the
# preset and of quire_warnings; definitions and include paths of its own do no harm.
add_library(quire_caf_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/caf_pch.cpp)
target_link_libraries(quire_caf_pch PRIVATE CAF::core CAF::io quire_warnings)
target_precompile_headers(quire_caf_pch PRIVATE <caf/all.hpp> <caf/io/all.hpp>)

# quire_use_caf(target): links CAF and our warnings to `target`, and lets it reuse the precompiled headers.
function(quire_use_caf target)
  target_link_libraries(${target} PUBLIC CAF::core CAF::io PRIVATE quire_warnings)
  target_precompile_headers(${target} REUSE_FROM quire_caf_pch)
endfunction()
