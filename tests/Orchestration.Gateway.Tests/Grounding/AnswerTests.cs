using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Grounding;

public sealed class AnswerTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Answer_names_its_sources_with_their_places()
    {
        var script = fixture.Peers.Providers.Script(call => call.AnswerAsync("Parcels can be returned ", "within 14 days [1]. Other things [9]."));

        using var response = await AskAsync("articles", new { question = script, model = "test:chat" });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("object").GetString().ShouldBe("answer");
        json.GetProperty("found").GetBoolean().ShouldBeTrue();
        var answer = json.GetProperty("answer").GetString()!;
        var citation = json.GetProperty("citations").EnumerateArray().ShouldHaveSingleItem();
        answer[citation.GetProperty("statement_start").GetInt32()..citation.GetProperty("statement_end").GetInt32()].ShouldBe("Parcels can be returned within 14 days");
        citation.GetProperty("document_id").GetString().ShouldBe("returns");
        citation.GetProperty("support").GetDouble().ShouldBe(1);
        json.GetProperty("unknown_citations").EnumerateArray().Select(number => number.GetInt32()).ShouldBe([9]);
        var source = json.GetProperty("sources")[0];
        (source.GetProperty("chunk").GetInt32(), source.GetProperty("start_offset").GetInt32(), source.GetProperty("end_offset").GetInt32()).ShouldBe((2, 10, 49));
        json.GetProperty("orchestration").GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0.00001");
        json.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Sources_are_data_behind_marks_that_no_document_can_close()
    {
        using var response = await AskAsync("articles", new { question = "What may I send back?", instructions = "You are Ann.", model = "test:chat" });

        var messages = StartOf(response).Request.Messages;
        messages.Select(message => message.Role).ShouldBe([Role.System, Role.System, Role.User, Role.User]);
        TextOf(messages[0]).ShouldBe("You are Ann.");
        TextOf(messages[3]).ShouldBe("What may I send back?");
        var sources = TextOf(messages[2]);
        var mark = sources[1..sources.IndexOf('>', StringComparison.Ordinal)];
        mark.Length.ShouldBe("sources-".Length + 32);
        sources.ShouldEndWith($"</{mark}>");
        sources.Split($"</{mark}>").Length.ShouldBe(2);
        TextOf(messages[1]).ShouldContain(mark);
        StartOf(response).Request.Grounding.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_found_is_said_without_asking_a_model()
    {
        using var response = await AskAsync("empty", new { question = "退货需要多久？", model = "test:chat" });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("found").GetBoolean().ShouldBeFalse();
        json.GetProperty("answer").GetString().ShouldBe("在资料中没有找到这个问题的答案。");
        json.GetProperty("sources").GetArrayLength().ShouldBe(0);
        json.GetProperty("orchestration").GetProperty("cost").GetProperty("amount").GetString().ShouldBe("0");
        json.GetProperty("orchestration").GetProperty("settlement").GetString().ShouldBe("released");
        fixture.Peers.Providers.Starts.ShouldNotContainKey(response.RequestId());
    }

    [Fact]
    public async Task Caller_may_word_that_nothing_was_found()
    {
        using var response = await AskAsync("empty", new { question = "How long?", not_found_answer = "Please call us.", model = "test:chat" });

        (await response.JsonAsync()).GetProperty("answer").GetString().ShouldBe("Please call us.");
    }

    [Fact]
    public async Task Stream_begins_with_the_sources_and_ends_with_the_citations()
    {
        var script = fixture.Peers.Providers.Script(call => call.AnswerAsync("Within 14 ", "days [1]."));

        using var response = await AskAsync("articles", new { question = script, stream = true, model = "test:chat" });

        var events = (await response.TextAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Select(item => item.Split('\n')[0]).ShouldBe(["event: sources", "event: delta", "event: delta", "event: answer", "data: [DONE]"]);
        var end = JsonDocument.Parse(events[3].Split("data: ")[1]).RootElement;
        end.GetProperty("citations")[0].GetProperty("number").GetInt32().ShouldBe(1);
        end.GetProperty("finish_reason").GetString().ShouldBe("stop");
        end.GetProperty("orchestration").GetProperty("settlement").GetString().ShouldBe("exact");
    }

    [Fact]
    public async Task Stream_that_breaks_ends_with_an_error_and_no_citations()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.BeginTextAsync();
            await call.TextAsync("Within [1]");
            await call.FailAsync(Contracts.Errors.V1.FailureClass.ProviderTruncated, "cut");
            await call.SummaryAsync(AttemptOutcome.Broken);
        });

        using var response = await AskAsync("articles", new { question = script, stream = true, model = "test:chat" });

        var text = await response.TextAsync();
        text.ShouldContain("event: error");
        text.ShouldNotContain("event: answer");
        text.ShouldNotContain("[DONE]");
    }

    [Fact]
    public async Task Chat_request_is_grounded_by_a_header()
    {
        var script = fixture.Peers.Providers.Script(call => call.AnswerAsync("14 days [1]"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Chat.Body(script)) };
        request.Headers.Add("x-orchestration-collection", "articles");

        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var json = await response.JsonAsync();
        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe("14 days [1]");
        var grounding = json.GetProperty("orchestration").GetProperty("grounding");
        grounding.GetProperty("collection").GetString().ShouldBe("articles");
        grounding.GetProperty("citations")[0].GetProperty("document_id").GetString().ShouldBe("returns");
    }

    [Theory]
    [InlineData("How long may shoes of kind {0} be returned?", "How long may shoes of kind {0} be returned?")]
    [InlineData("I am a model and like poems about the sea.", "May shoes of kind {0} be returned?\nHow long?")]
    [InlineData("", "May shoes of kind {0} be returned?\nHow long?")]
    public async Task Follow_up_is_searched_for_as_a_model_words_it_as_far_as_it_keeps_to_the_conversation(string worded, string searched)
    {
        var kind = Guid.CreateVersion7().ToString("N");
        fixture.Peers.Providers.Script(
            $"Person: May shoes of kind {kind} be returned?\nAssistant: Yes.\nPerson: How long?\n",
            call => call.AnswerAsync(string.Format(CultureInfo.InvariantCulture, worded, kind)));
        var turns = new JsonArray(Turn("user", $"May shoes of kind {kind} be returned?"), Turn("assistant", "Yes."), Turn("user", "How long?"));

        using var response = await AskAsync("articles", new JsonObject { ["model"] = "test:chat", ["messages"] = turns });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.JsonAsync()).GetProperty("question").GetString().ShouldBe(string.Format(CultureInfo.InvariantCulture, searched, kind));
    }

    [Theory]
    [InlineData("missing", HttpStatusCode.NotFound)]
    [InlineData("UPPER", HttpStatusCode.BadRequest)]
    public async Task Collection_that_is_not_there_is_told(string collection, HttpStatusCode status)
    {
        using var response = await AskAsync(collection, new { question = "What?", model = "test:chat" });

        response.StatusCode.ShouldBe(status);
        await response.ErrorCodeAsync();
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"question":" "}""")]
    [InlineData("""{"question":"a","messages":[{"role":"user","content":"a"}]}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[{"role":"system","content":"a"},{"role":"user","content":"a"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"a"}]}""")]
    [InlineData("""{"messages":[null]}""")]
    [InlineData("""{"question":"a","limit":51}""")]
    [InlineData("""{"question":"a","context_tokens":99}""")]
    [InlineData("""{"question":"a","max_tokens":0}""")]
    [InlineData("""{"question":"a","temperature":3}""")]
    [InlineData("""{"question":"a","colection":"x"}""")]
    [InlineData("""{"question":"a","question":"b"}""")]
    [InlineData("null")]
    public async Task Bad_input_is_400_in_openai_shape(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await fixture.Gateway.Client.PostAsync("/v1/collections/articles/answer", content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await response.ErrorCodeAsync();
    }

    [Fact]
    public async Task Key_without_the_collections_scope_is_refused_in_every_way_of_asking()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        var (_, key) = await fixture.Gateway.NewKeyAsync(tenant, new() { ["scopes"] = new[] { "chat", "rag.read:other" } });
        using var answer = new HttpRequestMessage(HttpMethod.Post, "/v1/collections/articles/answer") { Content = JsonContent.Create(new { question = "What?", model = "test:chat" }) };
        using var chat = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Chat.Body()) };
        chat.Headers.Add("x-orchestration-collection", "articles");

        foreach (var request in (HttpRequestMessage[])[answer, chat])
        {
            request.Headers.Authorization = new("Bearer", key);
            using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await response.TextAsync()).ShouldContain("'rag.read:articles'");
        }
    }

    private static JsonObject Turn(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private Task<HttpResponseMessage> AskAsync(string collection, object body) =>
        fixture.Gateway.Client.PostAsJsonAsync($"/v1/collections/{collection}/answer", body, TestContext.Current.CancellationToken);

    private Contracts.Providers.V1.Start StartOf(HttpResponseMessage response) => fixture.Peers.Providers.Starts[response.RequestId()];

    private static string TextOf(Message message) => message.Parts.ShouldHaveSingleItem().Text.Text_;
}
