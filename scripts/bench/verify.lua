-- For wrk(1): counts the answers whose body does not contain the argument after "--".
local threads = {}

function setup(thread)
	table.insert(threads, thread)
end

function init(arguments)
	expected = arguments[1]
	wrong = 0
end

function response(status, fields, body)
	if not body:find(expected, 1, true) then
		wrong = wrong + 1
	end
end

function done()
	local sum = 0
	for _, thread in ipairs(threads) do
		sum = sum + thread:get('wrong')
	end
	io.write(string.format('Wrong bodies: %d\n', sum))
end
