# Writes INPUT to OUTPUT as a raw string literal of C++: cmake -DINPUT=... -DOUTPUT=... -P RawText.cmake
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "R\"gx_page(${text})gx_page\"\n")
