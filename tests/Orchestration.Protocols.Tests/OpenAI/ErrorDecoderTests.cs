using System.Text;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

public sealed class ErrorDecoderTests
{
    [Theory]
    // DeepSeek: the code is the same for all, the status decides.
    [InlineData(401, """{"error":{"message":"Authentication Fails, Your api key: ****0000 is invalid","type":"authentication_error","param":null,"code":"invalid_request_error"}}""", FailureClass.ProviderAuth)]
    [InlineData(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""", FailureClass.ProviderBalance)]
    [InlineData(400, """{"error":{"message":"The reasoning_content in the thinking mode must be passed back to the API.","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(503, """{"error":{"message":"Service is too busy","type":"service_unavailable_error","param":null,"code":"service_unavailable_error"}}""", FailureClass.ProviderOverloaded)]
    // OpenAI.
    [InlineData(429, """{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""", FailureClass.ProviderRateLimited)]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", FailureClass.ProviderBalance)]
    [InlineData(400, """{"error":{"message":"Unsupported parameter: 'max_tokens'","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(400, """{"error":{"message":"too long","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", FailureClass.ContextLength)]
    [InlineData(401, """{"error":{"message":"Incorrect API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", FailureClass.ProviderAuth)]
    [InlineData(403, """{"error":{"message":"x","type":"request_forbidden","code":"unsupported_country_region_territory"}}""", FailureClass.ProviderPermission)]
    [InlineData(404, """{"error":{"message":"no","type":"invalid_request_error","code":"model_not_found"}}""", FailureClass.ProviderModelNotFound)]
    [InlineData(400, """{"error":{"message":"no","type":"invalid_request_error","code":"content_policy_violation"}}""", FailureClass.ContentFilter)]
    // Moonshot, DashScope, Baidu, Ark: the body contradicts the status.
    [InlineData(429, """{"error":{"type":"exceeded_current_quota_error","message":"suspended"}}""", FailureClass.ProviderBalance)]
    [InlineData(429, """{"error":{"type":"engine_overloaded_error","message":"overloaded"}}""", FailureClass.ProviderOverloaded)]
    [InlineData(400, """{"code":"Arrearage","message":"Access denied","request_id":"r"}""", FailureClass.ProviderBalance)]
    [InlineData(401, """{"error":{"code":"invalid_model","message":"no model","type":"invalid_request_error"}}""", FailureClass.ProviderModelNotFound)]
    [InlineData(403, """{"error":{"code":"account_overdue","message":"x","type":"access_denied"}}""", FailureClass.ProviderBalance)]
    [InlineData(403, """{"error":{"code":"AccountOverdueError","message":"x"}}""", FailureClass.ProviderBalance)]
    [InlineData(500, """{"error":{"message":"insufficient balance (1008)"}}""", FailureClass.ProviderBalance)]
    [InlineData(500, """{"error":{"message":"the request exceeds the available context size"}}""", FailureClass.ContextLength)]
    [InlineData(400, """{"error":{"message":"Your credit balance is too low"}}""", FailureClass.ProviderBalance)]
    [InlineData(429, """{"error":{"message":"Your account reached the concurrency limit"}}""", FailureClass.ProviderConcurrency)]
    // A general code of a prompt that is too long.
    [InlineData(400, """{"error":{"code":"InvalidParameter","message":"This model's maximum context length is 4096 tokens."}}""", FailureClass.ContextLength)]
    [InlineData(400, """{"error":{"code":"invalid_value","message":"Your input exceeds the context window of this model."}}""", FailureClass.ContextLength)]
    // No body that helps: the status decides.
    [InlineData(502, "<html><body>nginx sk-secret</body></html>", FailureClass.ProviderError)]
    [InlineData(503, "", FailureClass.ProviderOverloaded)]
    [InlineData(529, "{", FailureClass.ProviderOverloaded)]
    [InlineData(504, "null", FailureClass.ProviderTimeout)]
    [InlineData(500, "\u0000", FailureClass.ProviderError)]
    [InlineData(429, "[]", FailureClass.ProviderRateLimited)]
    [InlineData(413, "{}", FailureClass.ContextLength)]
    [InlineData(422, """{"detail":[{"loc":["body"]}]}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(307, "", FailureClass.ProviderProtocol)]
    // Aggregators: the status of the provider behind them.
    [InlineData(200, """{"error":{"code":429,"message":"x"}}""", FailureClass.ProviderRateLimited)]
    [InlineData(200, """{"error":"something broke"}""", FailureClass.ProviderError)]
    [InlineData(200, """{"error":{"type":"invalid_request_error","message":"x"}}""", FailureClass.ProviderInvalidRequest)]
    public void Error_is_classified_by_code_then_type_then_text_then_status(int status, string body, FailureClass expected)
    {
        var failure = OpenAIErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body), default);
        failure.FailureClass.ShouldBe(expected);
        failure.Code.ShouldNotBeEmpty();
        failure.Message.ShouldNotBeEmpty();
        failure.Message.ShouldNotContain("<");
    }

    [Fact]
    public void Codes_of_the_vendor_come_first()
    {
        var codes = new Dictionary<string, FailureClass> { ["insufficient_quota"] = FailureClass.ProviderRateLimited, ["1113"] = FailureClass.ProviderBalance };
        OpenAIErrorDecoder.Decode(429, """{"error":{"code":"insufficient_quota","message":"x"}}"""u8, default, codes).FailureClass.ShouldBe(FailureClass.ProviderRateLimited);
        OpenAIErrorDecoder.Decode(429, """{"error":{"code":1113,"message":"x"}}"""u8, default, codes).FailureClass.ShouldBe(FailureClass.ProviderBalance);
    }

    [Fact]
    public void Words_about_the_operators_account_are_never_shown()
    {
        var failure = OpenAIErrorDecoder.Decode(429, """{"error":{"message":"Rate limit in organization org-abc123 for key sk-live","code":"rate_limit_exceeded"}}"""u8, default);
        failure.Message.ShouldNotContain("org-abc123");
        failure.Message.ShouldNotContain("sk-live");
    }

    [Fact]
    public void Words_about_the_callers_request_are_shown_without_secrets()
    {
        var body = """{"error":{"message":"Bad 'x'\u0007 for sk-proj-abcDEF123 see https://internal.example/a, id req_0123456789abcdef0123456789","param":"messages[2].content","code":"invalid_value"}}"""u8;
        var failure = OpenAIErrorDecoder.Decode(400, body, default);
        failure.Message.ShouldBe("Bad 'x'  for [removed] see [removed] id [removed]");
        failure.Param.ShouldBe("messages[2].content");
        failure.Code.ShouldBe("invalid_value");
        failure.Retryable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("2", null, 2_000)]
    [InlineData("1.5", null, 1_500)]
    [InlineData("9", "250", 250)]
    [InlineData("100000", null, 120_000)]
    [InlineData("Sun, 22 Nov 2026 12:00:30 GMT", null, 30_000)]
    [InlineData("Sun, 22 Nov 2026 11:00:00 GMT", null, 0)]
    [InlineData("-5", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("1e999", null, null)]
    [InlineData("NaN", null, null)]
    [InlineData(null, null, null)]
    public void Retry_hints_are_read_in_all_their_units(string? retryAfter, string? retryAfterMs, int? expectedMs)
    {
        var now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        RetryHints.Parse(retryAfter, retryAfterMs, null, now).RetryAfter?.TotalMilliseconds.ShouldBe(expectedMs!.Value);
        RetryHints.Parse(retryAfter, retryAfterMs, null, now).RetryAfter.HasValue.ShouldBe(expectedMs is not null);
    }

    [Fact]
    public void Provider_may_overrule_whether_to_retry()
    {
        var no = RetryHints.Parse("2", null, "false", DateTimeOffset.UnixEpoch);
        OpenAIErrorDecoder.Decode(503, ""u8, no).Retryable.ShouldBeFalse();
        var yes = OpenAIErrorDecoder.Decode(503, ""u8, RetryHints.Parse("2", null, null, DateTimeOffset.UnixEpoch));
        yes.Retryable.ShouldBeTrue();
        yes.RetryAfter.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("Please try again in 1.2s.", 1_200)]
    [InlineData("please try again after 20 seconds", 20_000)]
    [InlineData("Please try again in 250ms", 250)]
    [InlineData("try again later", null)]
    public void Wait_in_the_text_is_the_last_resort(string message, int? expectedMs)
    {
        var failure = OpenAIErrorDecoder.Decode(429, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"{{{message}}}"}}"""), default);
        (failure.RetryAfter?.ToTimeSpan().TotalMilliseconds).ShouldBe(expectedMs);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_has_a_status_and_a_body(FailureClass failureClass)
    {
        var failure = new Failure { FailureClass = failureClass, Code = "c", Message = "secret" };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        OpenAIErrorEncoder.Write(output, failure, "r1");
        var status = OpenAIErrorEncoder.HttpStatus(failure);
        status.ShouldBeInRange(400, 599);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        text.ShouldStartWith("{\"error\":{\"message\":");
        text.ShouldEndWith("\"request_id\":\"r1\"}");
        if (status == 500)
            text.ShouldNotContain("secret");
    }

    public static TheoryData<FailureClass> Classes() => new(Enum.GetValues<FailureClass>());
}
