using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.ServiceDefaults.Tests.Failures;

public sealed class FailureStatusTests
{
    public static TheoryData<FailureClass> AllClasses => [.. Enum.GetValues<FailureClass>()];

    [Theory]
    [MemberData(nameof(AllClasses))]
    public void Every_failure_survives_the_wire_form(FailureClass failureClass)
    {
        var failure = new Failure { FailureClass = failureClass, Code = "some_code", Message = "Said so.", Param = "model", ProviderStatus = 429, Retryable = true };

        var exception = failure.ToRpcException();

        exception.GetFailure().ShouldBe(failure);
        exception.StatusCode.ShouldNotBe(StatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(AllClasses))]
    public void Only_an_unknown_class_or_a_defect_is_internal(FailureClass failureClass) =>
        (failureClass.ToStatusCode() == StatusCode.Internal).ShouldBe(failureClass is FailureClass.Internal or FailureClass.Unspecified);

    [Theory]
    [InlineData(StatusCode.Unavailable, FailureClass.Unavailable, true)]
    [InlineData(StatusCode.DeadlineExceeded, FailureClass.DeadlineExceeded, true)]
    [InlineData(StatusCode.Cancelled, FailureClass.Unavailable, true)]
    [InlineData(StatusCode.ResourceExhausted, FailureClass.TooLarge, false)]
    [InlineData(StatusCode.NotFound, FailureClass.NotFound, false)]
    [InlineData(StatusCode.Unauthenticated, FailureClass.Internal, false)]
    [InlineData(StatusCode.Unimplemented, FailureClass.Internal, false)]
    [InlineData(StatusCode.Unknown, FailureClass.Internal, false)]
    public void Bare_status_becomes_a_failure(StatusCode status, FailureClass expected, bool retryable)
    {
        var failure = new RpcException(new Status(status, "")).GetFailure();

        failure.FailureClass.ShouldBe(expected);
        failure.Retryable.ShouldBe(retryable);
        failure.Code.ShouldNotBeEmpty();
        failure.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void Address_in_a_connection_error_is_not_told()
    {
        var status = new Status(StatusCode.Unavailable, "Error connecting to 10.1.2.3:8111", new HttpRequestException("10.1.2.3"));

        new RpcException(status).GetFailure().Message.ShouldNotContain("10.1.2.3");
    }

    [Fact]
    public void Broken_trailer_is_as_good_as_none()
    {
        var trailers = new Metadata { { RpcFailures.TrailerName, [0xff, 0xff, 0xff] } };

        new RpcException(new Status(StatusCode.Unavailable, ""), trailers).GetFailure().FailureClass.ShouldBe(FailureClass.Unavailable);
    }

    [Fact]
    public void Endless_message_is_cut_to_fit_a_header() =>
        new Failure { FailureClass = FailureClass.Internal, Message = new string('m', 100_000) }.ToRpcException()
            .GetFailure().Message.Length.ShouldBe(1_000);
}
