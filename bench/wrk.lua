-- Sends ready-made requests one after the other, and prints what came of them as one line of JSON.
-- Arguments: a file of requests, each after its length as eight digits; and the place to begin at.
local requests, turn = {}, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  local text, position = file:read("*a"), 1
  file:close()
  while position <= #text do
    local length = tonumber(text:sub(position, position + 7))
    requests[#requests + 1] = text:sub(position + 8, position + 7 + length)
    position = position + 8 + length
  end
  turn = tonumber(arguments[2])
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%.6f,"p50_ms":%.4f,"p99_ms":%.4f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
