using System.Collections.Concurrent;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Credentials.Hosting;

/// <summary>A vendor that knows its keys: each is answered as the test says, every other one with 401.</summary>
internal sealed class KeyedVendor
{
    private readonly ConcurrentDictionary<string, Func<UpstreamExchange, Task>> _keys = new();

    public KeyedVendor(ScriptedUpstream upstream)
    {
        Name = $"vendor-{Guid.CreateVersion7():N}";
        BaseUrl = upstream.Script(Name, AnswerAsync);
    }

    public string Name { get; }

    public string BaseUrl { get; }

    /// <summary>The keys that were shown, in order.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    public KeyedVendor Accept(string key) => Accept(key, e => e.ReplyJsonAsync(OpenAIWire.Plain));

    public KeyedVendor Accept(string key, Func<UpstreamExchange, Task> answer)
    {
        _keys[key] = answer;
        return this;
    }

    public Candidate Candidate(string provider = "deepseek", string region = "")
    {
        var candidate = Plans.Candidate($"{provider}-{Name}", BaseUrl, simulated: false);
        (candidate.Deployment.Provider, candidate.Deployment.Region) = (provider, region);
        return candidate;
    }

    private Task AnswerAsync(UpstreamExchange exchange)
    {
        var key = exchange.Request.Headers["Authorization"]["Bearer ".Length..];
        Shown.Enqueue(key);
        return _keys.TryGetValue(key, out var answer) ? answer(exchange) : exchange.ReplyAsync(401, "application/json", OpenAIWire.Error("invalid_api_key", "Wrong key"));
    }
}
