using System.Globalization;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Responses;

/// <summary>The Responses API: ids of its own, errors as the vendor words them elsewhere.</summary>
internal sealed class ResponsesDialect : WireDialect
{
    public static readonly ResponsesDialect Instance = new();

    private const int IdLength = 48;

    public override string NewId(ref StableRandom random) => "resp_" + AnswerIds.Letters(ref random, IdLength);

    public override ErrorAnswer Refuse(Vendor vendor, WireProblem problem) =>
        new(problem.Status, VendorErrors.Compose(problem.Message, "invalid_request_error", problem.Param, problem.Code));

    /// <summary>A response that has failed is still a response.</summary>
    public override byte[] FailInside(Vendor vendor) =>
        """{"id":"resp_failed","object":"response","status":"failed","error":{"code":"server_error","message":"The server had an error processing your request. Sorry about that!"},"incomplete_details":null,"output":[],"usage":null}"""u8.ToArray();

    public override ErrorAnswer Fail(Vendor vendor, int status, double? retryAfter = null)
    {
        var error = new ErrorAnswer(status, VendorErrors.Body(vendor, status));
        return retryAfter is { } seconds
            ? error with { Headers = [("retry-after", seconds.ToString(CultureInfo.InvariantCulture))] }
            : error;
    }
}
