using System.Net;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

/// <summary>A plain HTTP client with nothing but a bearer key, an address without a version and bodies of its own making.</summary>
public sealed class SimpleClientTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Chat_with_a_grounding_message_is_answered_with_the_facts_of_its_routing()
    {
        using var response = await PostAsync("/chat/completions", """
            {"model":"test:chat","messages":[{"role":"system","content":"Be brief."},{"role":"context","content":"Parcels may be returned within 30 days."},{"role":"user","content":"How long?"}],
            "max_tokens":4096,"temperature":0.7,"stream":false}
            """);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("Hello world");
        var facts = json.GetProperty("orchestration");
        facts.GetProperty("provider").GetString().ShouldBe("test");
        facts.GetProperty("model").GetString().ShouldBe("strong");
        facts.GetProperty("route").GetString().ShouldBe("test/chat");
        facts.GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0.00001");
        facts.GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("role_mapped");
        var sent = fixture.Peers.Providers.Starts[response.RequestId()].Request;
        sent.Messages.Select(message => message.Role).ShouldBe([Role.System, Role.System, Role.User]);
        (sent.MaxOutputTokens, sent.Sampling.Temperature).ShouldBe((4096, 0.7));
    }

    [Fact]
    public async Task Embeddings_are_answered_with_the_facts_of_their_routing()
    {
        using var response = await PostAsync("/embeddings", """{"model":"embedding","input":"four"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBe(3);
        json.GetProperty("orchestration").GetProperty("provider").GetString().ShouldBe("test");
        json.GetProperty("orchestration").GetProperty("route").GetString().ShouldBe("test/embed");
    }

    [Fact]
    public async Task Role_that_means_nothing_is_refused_by_name()
    {
        using var response = await PostAsync("/chat/completions", """{"model":"test:chat","messages":[{"role":"robot","content":"Hi"}]}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_value");
        (await response.TextAsync()).ShouldContain("'robot'");
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        fixture.Gateway.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
