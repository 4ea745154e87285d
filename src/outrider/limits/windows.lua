-- The rules of windows.py, in one step. Times are microseconds.
-- KEYS: the caller's refusals, then the list of each window, oldest slot first.
-- ARGV: now (-1 for this server's clock), length, patience, whether to take, then the limit of each window.
-- Answer: verdict, wait, then for each window what remains and how long until the next slot returns.
local now, length, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local take = ARGV[4] == '1'
if now < 0 then
  local clock = redis.call('TIME')
  now = clock[1] * 1000000 + clock[2]
end

local function whole(number)
  return string.format('%.0f', number)
end

local function expire(key, at)
  redis.call('PEXPIRE', key, whole(math.ceil((at - now) / 1000) + 1000))
end

local function answer(verdict, wait)
  local all = {verdict, whole(wait)}
  for i = 2, #KEYS do
    local limit, used, wait_for_slot = tonumber(ARGV[i + 3]), redis.call('LLEN', KEYS[i]), 0
    if used > 0 then
      wait_for_slot = redis.call('LINDEX', KEYS[i], math.max(0, used - limit)) + length - now
    end
    all[#all + 1] = whole(math.max(0, limit - used))
    all[#all + 1] = whole(wait_for_slot)
  end
  return all
end

local wait, clear = 0, 0
for i = 2, #KEYS do
  local oldest = redis.call('LINDEX', KEYS[i], 0)
  while oldest and oldest + length <= now do
    redis.call('LPOP', KEYS[i])
    oldest = redis.call('LINDEX', KEYS[i], 0)
  end
  local limit, used = tonumber(ARGV[i + 3]), redis.call('LLEN', KEYS[i])
  if used >= limit then
    wait = math.max(wait, redis.call('LINDEX', KEYS[i], used - limit) + length - now)
    clear = math.max(clear, redis.call('LINDEX', KEYS[i], -1) + length)
  end
end
if not take then
  return answer('admitted', 0)
end

local known = redis.call('HMGET', KEYS[1], 'ignored', 'until')
local ignored, ends = tonumber(known[1] or '-1'), tonumber(known[2] or '0')
if ends <= now then
  ignored = -1
end
if ignored > patience then
  return answer('blocked', ends - now)
end
if clear > 0 then
  ignored = ignored + 1
  ends = ignored > patience and clear or now + length
  redis.call('HSET', KEYS[1], 'ignored', ignored, 'until', whole(ends))
  expire(KEYS[1], ends)
  if ignored > patience then
    return answer('blocked', ends - now)
  end
  return answer('refused', wait)
end
for i = 2, #KEYS do
  redis.call('RPUSH', KEYS[i], whole(now))
  expire(KEYS[i], now + length)
end
if #KEYS > 1 then
  redis.call('DEL', KEYS[1])
end
return answer('admitted', 0)
