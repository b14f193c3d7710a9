using System.Text;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Gemini;

namespace Orchestration.Protocols.Tests.Gemini;

public sealed class GeminiErrorTests
{
    [Fact]
    public void Quota_of_the_minute_is_a_rate_limit_with_the_wait_of_its_details()
    {
        var failure = Decode(429, """{"error":{"code":429,"message":"You exceeded your current quota, project 123…","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"m","quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""");

        (failure.FailureClass, failure.Retryable, failure.ProviderStatus).ShouldBe((FailureClass.ProviderRateLimited, true, 429));
        failure.RetryAfter.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(34.4));
        failure.Message.ShouldNotContain("project");
    }

    [Fact]
    public void Quota_of_the_day_is_not_worth_another_try()
    {
        var failure = Decode(429, """{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"12s"}]}}""");

        (failure.FailureClass, failure.Retryable, failure.RetryAfter).ShouldBe((FailureClass.ProviderBalance, false, null));
    }

    [Theory]
    [InlineData(400, """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}""", FailureClass.ProviderAuth)]
    [InlineData(400, """[{"error":{"code":400,"message":"API key expired.","status":"INVALID_ARGUMENT"}}]""", FailureClass.ProviderAuth)]
    [InlineData(401, """{"error":{"code":401,"message":"x","status":"UNAUTHENTICATED"}}""", FailureClass.ProviderAuth)]
    [InlineData(403, """{"error":{"code":403,"message":"x","status":"PERMISSION_DENIED"}}""", FailureClass.ProviderPermission)]
    [InlineData(403, """{"error":{"code":403,"message":"Your API key was reported as leaked.","status":"PERMISSION_DENIED"}}""", FailureClass.ProviderAuth)]
    [InlineData(403, """{"error":{"code":403,"message":"x","status":"PERMISSION_DENIED","details":[{"reason":"BILLING_DISABLED"}]}}""", FailureClass.ProviderBalance)]
    [InlineData(404, """{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}""", FailureClass.ProviderModelNotFound)]
    [InlineData(400, """{"error":{"code":400,"message":"The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""", FailureClass.ContextLength)]
    [InlineData(400, """{"error":{"code":400,"message":"Unable to process input image.","status":"INVALID_ARGUMENT"}}""", FailureClass.ProviderInvalidRequest)]
    [InlineData(503, """{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}""", FailureClass.ProviderOverloaded)]
    [InlineData(500, """{"error":{"code":500,"message":"x","status":"INTERNAL"}}""", FailureClass.ProviderError)]
    [InlineData(504, """{"error":{"code":504,"message":"x","status":"DEADLINE_EXCEEDED"}}""", FailureClass.ProviderTimeout)]
    [InlineData(429, "", FailureClass.ProviderRateLimited)]
    [InlineData(502, "<html>Bad Gateway</html>", FailureClass.ProviderError)]
    [InlineData(403, """{"error":""", FailureClass.ProviderPermission)]
    [InlineData(400, """{"error":"plain text"}""", FailureClass.ProviderInvalidRequest)]
    public void Error_is_classified_by_what_it_says_before_its_status(int status, string body, FailureClass expected)
    {
        var failure = Decode(status, body);

        (failure.FailureClass, failure.ProviderStatus).ShouldBe((expected, status));
    }

    [Fact]
    public void Region_that_is_not_served_is_no_mistake_of_the_caller()
    {
        var failure = Decode(400, """{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}""");

        (failure.FailureClass, failure.Message).ShouldBe((FailureClass.ProviderPermission, "The provider does not serve the gateway's region."));
    }

    [Fact]
    public void Words_about_the_callers_request_are_shown_and_those_about_the_account_are_not()
    {
        Decode(400, """{"error":{"code":400,"message":"Invalid value at 'contents'.","status":"INVALID_ARGUMENT"}}""").Message.ShouldBe("Invalid value at 'contents'.");
        Decode(403, """{"error":{"code":403,"message":"Project 42 has no access.","status":"PERMISSION_DENIED"}}""").Message.ShouldNotContain("42");
    }

    [Fact]
    public void Vendors_own_codes_come_first() =>
        GeminiErrorDecoder.Decode(429, """{"error":{"status":"RESOURCE_EXHAUSTED"}}"""u8, default, new Dictionary<string, FailureClass> { ["RESOURCE_EXHAUSTED"] = FailureClass.ProviderConcurrency })
            .FailureClass.ShouldBe(FailureClass.ProviderConcurrency);

    private static Failure Decode(int status, string body) => GeminiErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(body), default);
}
