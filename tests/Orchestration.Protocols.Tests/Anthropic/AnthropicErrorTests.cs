using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Anthropic;

namespace Orchestration.Protocols.Tests.Anthropic;

public sealed class AnthropicErrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(429, "rate_limit_error", "This request would exceed your organization's rate limit of 30,000 input tokens per minute", FailureClass.ProviderRateLimited)]
    [InlineData(429, "rate_limit_error", "Number of concurrent connections has exceeded your rate limit", FailureClass.ProviderConcurrency)]
    [InlineData(429, "rate_limit_error", "Concurrency limit of the account reached", FailureClass.ProviderConcurrency)]
    [InlineData(529, "overloaded_error", "Overloaded", FailureClass.ProviderOverloaded)]
    [InlineData(400, "invalid_request_error", "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_01", FailureClass.ProviderInvalidRequest)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", FailureClass.ProviderBalance)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", FailureClass.ContextLength)]
    [InlineData(400, "invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", FailureClass.ContextLength)]
    [InlineData(400, "invalid_request_error", "Output blocked by content filtering policy", FailureClass.ContentFilter)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FailureClass.ProviderAuth)]
    [InlineData(402, "billing_error", "Add credits", FailureClass.ProviderBalance)]
    [InlineData(403, "permission_error", "no", FailureClass.ProviderPermission)]
    [InlineData(404, "not_found_error", "model: claude-x", FailureClass.ProviderModelNotFound)]
    [InlineData(413, "request_too_large", "Request exceeds the maximum size", FailureClass.ProviderInvalidRequest)]
    [InlineData(500, "api_error", "Internal server error", FailureClass.ProviderError)]
    [InlineData(504, "timeout_error", "timed out", FailureClass.ProviderTimeout)]
    [InlineData(200, "overloaded_error", "Overloaded", FailureClass.ProviderOverloaded)]
    public void Type_of_the_body_decides_before_the_status(int status, string type, string message, FailureClass expected)
    {
        var body = $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_01"}""";
        var failure = AnthropicErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body), default);
        (failure.FailureClass, failure.ProviderStatus).ShouldBe((expected, status));
    }

    [Theory]
    [InlineData(529, "", FailureClass.ProviderOverloaded)]
    [InlineData(502, "<html>Bad gateway</html>", FailureClass.ProviderError)]
    [InlineData(401, "{", FailureClass.ProviderAuth)]
    [InlineData(413, "", FailureClass.ProviderInvalidRequest)]
    public void Status_decides_where_the_body_says_nothing(int status, string body, FailureClass expected) =>
        AnthropicErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body), default).FailureClass.ShouldBe(expected);

    [Fact]
    public void Words_about_the_account_are_not_shown()
    {
        var body = """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"""u8;
        AnthropicErrorDecoder.Decode(400, body, default).Message.ShouldBe("The provider cannot be used at the moment.");
    }

    [Fact]
    public void Codes_of_the_vendor_come_first()
    {
        var codes = new Dictionary<string, FailureClass> { ["api_error"] = FailureClass.ProviderOverloaded };
        var body = """{"type":"error","error":{"type":"api_error","message":"busy"}}"""u8;
        AnthropicErrorDecoder.Decode(500, body, default, codes).FailureClass.ShouldBe(FailureClass.ProviderOverloaded);
    }

    [Fact]
    public void Reset_of_the_limit_that_is_used_up_is_the_wait()
    {
        var headers = new Dictionary<string, string>
        {
            ["anthropic-ratelimit-input-tokens-remaining"] = "0",
            ["anthropic-ratelimit-input-tokens-reset"] = "2026-11-22T10:00:12Z",
            ["anthropic-ratelimit-requests-remaining"] = "7",
            ["anthropic-ratelimit-requests-reset"] = "2026-11-22T10:01:00Z",
        };
        AnthropicRateLimits.WaitFor(name => headers.GetValueOrDefault(name), Now).ShouldBe(TimeSpan.FromSeconds(12));
        AnthropicRateLimits.WaitFor(_ => null, Now).ShouldBeNull();
        AnthropicRateLimits.WaitFor(_ => "0", Now).ShouldBeNull();
    }

    [Theory]
    [InlineData(FailureClass.InvalidRequest, 400, "invalid_request_error")]
    [InlineData(FailureClass.Unauthenticated, 401, "authentication_error")]
    [InlineData(FailureClass.BudgetExhausted, 402, "billing_error")]
    [InlineData(FailureClass.PermissionDenied, 403, "permission_error")]
    [InlineData(FailureClass.NotFound, 404, "not_found_error")]
    [InlineData(FailureClass.TooLarge, 413, "request_too_large")]
    [InlineData(FailureClass.RateLimited, 429, "rate_limit_error")]
    [InlineData(FailureClass.ProviderOverloaded, 529, "overloaded_error")]
    [InlineData(FailureClass.ProviderBalance, 529, "overloaded_error")]
    [InlineData(FailureClass.ProviderAuth, 500, "api_error")]
    [InlineData(FailureClass.ProviderTimeout, 504, "timeout_error")]
    [InlineData(FailureClass.Internal, 500, "api_error")]
    public void Every_class_has_its_status_and_type(FailureClass failureClass, int status, string type)
    {
        var failure = new Failure { FailureClass = failureClass, Message = "m" };
        (AnthropicErrorEncoder.HttpStatus(failure), AnthropicErrorEncoder.ErrorType(failure)).ShouldBe((status, type));
    }

    [Fact]
    public void Error_body_has_the_form_that_clients_read()
    {
        var failure = new Failure { FailureClass = FailureClass.ContextLength, Message = "The prompt is longer than the model's context." };
        var output = new ArrayBufferWriter<byte>();
        AnthropicErrorEncoder.Write(output, failure, "r-1");
        JsonNode.DeepEquals(JsonNode.Parse(output.WrittenSpan), JsonNode.Parse(
            """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: The prompt is longer than the model's context."},"request_id":"r-1"}""")).ShouldBeTrue();
    }

    [Fact]
    public void Defect_tells_nothing()
    {
        var output = new ArrayBufferWriter<byte>();
        AnthropicErrorEncoder.Write(output, new Failure { FailureClass = FailureClass.Internal, Message = "table users" }, "");
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldNotContain("users");
    }
}
