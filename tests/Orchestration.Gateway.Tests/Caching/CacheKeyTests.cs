using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Tests.Caching;

public sealed class CacheKeyTests
{
    private static readonly AnswerSeal Seal = new(Options.Create(new KeyOptions { Pepper = new string('p', 32) }));
    private static readonly Caller Mine = new("mine", "default", "key", "USD", Purpose.Unspecified);

    public static TheoryData<string> Differences => ["model", "message", "system", "tool", "temperature", "output", "choices", "stop", "effort", "seed", "extensions"];

    [Fact]
    public void Ten_thousand_twin_prompts_of_two_tenants_have_no_key_in_common()
    {
        var theirs = Mine with { TenantId = "theirs" };
        var keys = Enumerable.Range(0, 10_000)
            .Select(number => Request($"prompt {number}"))
            .SelectMany(request => new[] { KeyOf(Mine, request), KeyOf(theirs, request) })
            .ToHashSet();

        keys.Count.ShouldBe(20_000);
        keys.ShouldAllBe(key => key.StartsWith("cache:{mine}:", StringComparison.Ordinal) || key.StartsWith("cache:{theirs}:", StringComparison.Ordinal));
    }

    [Fact]
    public void What_changes_no_answer_changes_no_key()
    {
        var other = Request("Hi");
        (other.Stream, other.EndUser, other.PromptCacheKey, other.Model) = (true, "someone", "prefix", "TEST/Chat");
        other.Metadata["team"] = "search";

        KeyOf(Mine, other).ShouldBe(KeyOf(Mine, Request("Hi")));
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void What_may_change_an_answer_changes_the_key(string difference)
    {
        var other = Request("Hi");
        switch (difference)
        {
            case "model": other.Model = "test/other"; break;
            case "message": other.Messages[0].Parts[0].Text.Text_ = "Hi!"; break;
            case "system": other.Messages.Insert(0, new Message { Role = Role.System }); break;
            case "tool": other.Tools.Add(new Tool()); break;
            case "temperature": other.Sampling = new Sampling { Temperature = 0 }; break;
            case "output": other.MaxOutputTokens = 10; break;
            case "choices": other.ChoiceCount = 2; break;
            case "stop": other.Stop.Add("end"); break;
            case "effort": other.Reasoning = new Reasoning { Effort = "high" }; break;
            case "seed": other.Sampling = new Sampling { Seed = 1 }; break;
            case "extensions": other.Extensions = """{"x":1}"""; break;
        }

        KeyOf(Mine, other).ShouldNotBe(KeyOf(Mine, Request("Hi")));
    }

    [Fact]
    public void Other_models_on_a_route_and_other_projects_have_other_keys()
    {
        var key = CacheKey.Of(Seal, Mine, "route", 1, Request("Hi"));

        CacheKey.Of(Seal, Mine, "route", 2, Request("Hi")).ShouldNotBe(key);
        CacheKey.Of(Seal, Mine, "other", 1, Request("Hi")).ShouldNotBe(key);
        CacheKey.Of(Seal, Mine with { ProjectId = "another" }, "route", 1, Request("Hi")).ShouldNotBe(key);
        CacheKey.Of(Seal, Mine with { KeyId = "another" }, "route", 1, Request("Hi")).ShouldBe(key);
    }

    private static string KeyOf(Caller caller, ChatRequest request) => CacheKey.Of(Seal, caller, "route", 1, request);

    private static ChatRequest Request(string text) => new()
    {
        Model = "test/chat",
        Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = text } } } } },
    };
}
