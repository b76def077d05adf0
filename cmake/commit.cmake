cmake_minimum_required(VERSION 3.25)
# Writes OUTPUT, a header with the commit of SOURCE ("" outside a Git checkout); only when that has changed.
execute_process(COMMAND git -C ${SOURCE} rev-parse --short=7 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  set(commit "")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define SECCM_COMMIT \"@commit@\"\n" @ONLY)
