-- Sends lines of a file in random order: METHOD, path and bodies, parted by tabs. The bodies of a line take turns.
local requests = {}
local turns = {}

function init(args)
    local file, token, seed = args[1], args[2], tonumber(args[3])
    math.randomseed(seed)
    local headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
    for line in io.lines(file) do
        local parts = {}
        for part in line:gmatch("[^\t]+") do
            parts[#parts + 1] = part
        end
        local made = {}
        if #parts == 2 then
            made[1] = wrk.format(parts[1], parts[2], headers)
        else
            for at = 3, #parts do
                made[#made + 1] = wrk.format(parts[1], parts[2], headers, parts[at])
            end
        end
        requests[#requests + 1] = made
        turns[#turns + 1] = 0
    end
end

function request()
    local which = math.random(#requests)
    local made = requests[which]
    turns[which] = turns[which] % #made + 1
    return made[turns[which]]
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\nFIGURES {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
