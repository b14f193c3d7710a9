using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class SemanticPartitionTests
{
    private static readonly AnswerSeal Seal = new(Options.Create(new KeyOptions { Pepper = new string('p', 32) }));
    private static readonly Caller Mine = new("mine", "default", "key", "USD", Purpose.Unspecified);

    [Fact]
    public void Ten_thousand_twin_prompts_of_two_tenants_share_no_partition()
    {
        var theirs = Mine with { TenantId = "theirs" };
        var partitions = new Dictionary<string, string>();
        foreach (var number in Enumerable.Range(0, 10_000))
        {
            var request = Request("Hi", system: $"instructions {number}");
            partitions.TryAdd(Of(Mine, request).Fingerprint, "mine").ShouldBeTrue();
            partitions.TryAdd(Of(theirs, request).Fingerprint, "theirs").ShouldBeTrue();
        }
    }

    [Fact]
    public void Last_user_text_alone_does_not_part()
    {
        var partition = Of(Mine, Request("Hi"));

        Of(Mine, Request("Something else")).ShouldBe(partition);
        Of(Mine, Request("Hi", system: "Be brief")).ShouldNotBe(partition);
        Of(Mine, Request("Hi", earlier: "Hello")).ShouldNotBe(partition);
        Of(Mine with { ProjectId = "another" }, Request("Hi")).ShouldNotBe(partition);
        var warm = Request("Hi");
        warm.Sampling = new Sampling { Temperature = 1 };
        Of(Mine, warm).ShouldNotBe(partition);
        var tool = Request("Hi");
        tool.Tools.Add(new Tool());
        Of(Mine, tool).ShouldNotBe(partition);
    }

    [Fact]
    public void Other_models_embedders_and_routes_part()
    {
        var partition = Of(Mine, Request("Hi"));

        SemanticPartition.Of(Seal, Mine, "route", 2, "lexical", Request("Hi"))!.Value.Partition.Fingerprint.ShouldNotBe(partition.Fingerprint);
        SemanticPartition.Of(Seal, Mine, "route", 1, "embedding", Request("Hi"))!.Value.Partition.Fingerprint.ShouldNotBe(partition.Fingerprint);
        SemanticPartition.Of(Seal, Mine, "other", 1, "lexical", Request("Hi"))!.Value.Partition.Fingerprint.ShouldNotBe(partition.Fingerprint);
    }

    [Fact]
    public void Question_that_is_more_than_text_or_no_users_has_none()
    {
        var picture = Request("Hi");
        picture.Messages[^1].Parts.Add(new Part { Image = new Image { Url = "https://example.com/a.png" } });
        var answer = Request("Hi");
        answer.Messages.Add(new Message { Role = Role.Assistant, Parts = { new Part { Text = new Text { Text_ = "So" } } } });

        SemanticPartition.Of(Seal, Mine, "route", 1, "lexical", picture).ShouldBeNull();
        SemanticPartition.Of(Seal, Mine, "route", 1, "lexical", answer).ShouldBeNull();
        SemanticPartition.Of(Seal, Mine, "route", 1, "lexical", new ChatRequest()).ShouldBeNull();
    }

    private static SemanticPartition Of(Caller caller, ChatRequest request) => SemanticPartition.Of(Seal, caller, "route", 1, "lexical", request)!.Value.Partition;

    private static ChatRequest Request(string text, string? system = null, string? earlier = null)
    {
        var request = new ChatRequest { Model = "test/chat" };
        if (system is not null)
            request.Messages.Add(Message(Role.System, system));
        if (earlier is not null)
            request.Messages.Add([Message(Role.User, earlier), Message(Role.Assistant, "Yes?")]);
        request.Messages.Add(Message(Role.User, text));
        return request;
    }

    private static Message Message(Role role, string text) => new() { Role = role, Parts = { new Part { Text = new Text { Text_ = text } } } };
}
