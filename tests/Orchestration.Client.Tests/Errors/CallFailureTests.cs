using Grpc.Core;
using Orchestration.Client.Calls;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Client.Tests.Errors;

public sealed class CallFailureTests
{
    [Theory]
    [InlineData(FailureClass.RateLimited, typeof(OrchestrationLimitException))]
    [InlineData(FailureClass.ProviderRateLimited, typeof(OrchestrationLimitException))]
    [InlineData(FailureClass.ProviderConcurrency, typeof(OrchestrationLimitException))]
    [InlineData(FailureClass.BudgetExhausted, typeof(OrchestrationBudgetException))]
    [InlineData(FailureClass.CostCeiling, typeof(OrchestrationBudgetException))]
    [InlineData(FailureClass.Unauthenticated, typeof(OrchestrationAccessException))]
    [InlineData(FailureClass.PermissionDenied, typeof(OrchestrationAccessException))]
    [InlineData(FailureClass.InvalidRequest, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.NotFound, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.TooLarge, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.Conflict, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.ContextLength, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.ContentFilter, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.ProviderInvalidRequest, typeof(OrchestrationRequestException))]
    [InlineData(FailureClass.DeadlineExceeded, typeof(OrchestrationTimeoutException))]
    [InlineData(FailureClass.ProviderTimeout, typeof(OrchestrationTimeoutException))]
    [InlineData(FailureClass.Unavailable, typeof(OrchestrationUnavailableException))]
    [InlineData(FailureClass.Internal, typeof(OrchestrationUnavailableException))]
    [InlineData(FailureClass.ProviderOverloaded, typeof(OrchestrationUnavailableException))]
    [InlineData(FailureClass.PriceUnknown, typeof(OrchestrationUnavailableException))]
    [InlineData((FailureClass)9999, typeof(OrchestrationUnavailableException))]
    public void Every_class_of_failure_has_its_type(FailureClass failureClass, Type expected)
    {
        var call = GatewayScript.Refusal(StatusCode.Unknown, new Failure { FailureClass = failureClass, Code = "some_code", Message = "Words.", Param = "model" });

        var failure = CallFailure.Of(call).ToException(tries: 2);

        failure.ShouldBeOfType(expected);
        (failure.Code, failure.Message, failure.Param, failure.Tries, failure.RetryAfter).ShouldBe(("some_code", "Words.", "model", 2, null));
        failure.InnerException.ShouldBeSameAs(call);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, typeof(OrchestrationUnavailableException), "unavailable", true)]
    [InlineData(StatusCode.DeadlineExceeded, typeof(OrchestrationTimeoutException), "deadline_exceeded", false)]
    [InlineData(StatusCode.Unauthenticated, typeof(OrchestrationAccessException), "unauthenticated", false)]
    [InlineData(StatusCode.PermissionDenied, typeof(OrchestrationAccessException), "permission_denied", false)]
    [InlineData(StatusCode.ResourceExhausted, typeof(OrchestrationRequestException), "message_too_large", false)]
    [InlineData(StatusCode.Unimplemented, typeof(OrchestrationRequestException), "not_implemented", false)]
    [InlineData(StatusCode.Internal, typeof(OrchestrationUnavailableException), "internal_error", false)]
    public void Bare_status_says_what_it_can(StatusCode status, Type expected, string code, bool passes)
    {
        var failure = CallFailure.Of(new RpcException(new Status(status, "Words."))).ToException(tries: 1);

        failure.ShouldBeOfType(expected);
        (failure.Code, failure.IsRetryable, failure.Message).ShouldBe((code, passes, "Words."));
    }

    [Fact]
    public void Trailer_that_cannot_be_read_leaves_the_status()
    {
        var call = new RpcException(new Status(StatusCode.NotFound, "Words."), new Metadata { { "orchestration-failure-bin", new byte[] { 0xFF, 0xFF } } });

        CallFailure.Of(call).ToException(tries: 1).Code.ShouldBe("not_found");
    }

    [Fact]
    public void Connection_that_broke_passes() =>
        CallFailure.Of(new RpcException(new Status(StatusCode.Internal, "Words.", new IOException()))).MayPass.ShouldBeTrue();
}
