using Grpc.Core;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Metrics.Tests.Feedback;

public sealed class FeedbackServiceTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    private readonly MetricsHost _host = fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Later_word_takes_the_place_of_an_earlier_one_and_stands_in_the_record()
    {
        var story = await WrittenAsync();

        await GiveAsync(new GiveFeedbackRequest { TenantId = "acme", RequestId = story, Rating = 1 });
        await GiveAsync(new GiveFeedbackRequest { TenantId = "acme", RequestId = story, Rating = -0.25, Outcome = "edited" });

        var record = await new LedgerService.LedgerServiceClient(_host.Channel)
            .GetRequestAsync(new GetRequestRequest { TenantId = "acme", RequestId = story }, _host.CallsAs("gateway").For("acme", "chat", TimeSpan.FromSeconds(20), Cancellation));
        (record.Feedback.Rating, record.Feedback.Outcome).ShouldBe((-0.25, "edited"));
    }

    [Fact]
    public async Task Request_of_another_tenant_takes_no_word()
    {
        var story = await WrittenAsync();

        var refused = await Should.ThrowAsync<RpcException>(() => GiveAsync(new GiveFeedbackRequest { TenantId = "globex", RequestId = story, Rating = 1 }, "globex"));

        refused.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [InlineData(1.5, "")]
    [InlineData(double.NaN, "")]
    [InlineData(0.5, "splendid")]
    [InlineData(null, "")]
    public async Task Wrong_word_is_refused(double? rating, string outcome)
    {
        var request = new GiveFeedbackRequest { TenantId = "acme", RequestId = await WrittenAsync(), Outcome = outcome };
        if (rating is { } given)
            request.Rating = given;

        var refused = await Should.ThrowAsync<RpcException>(() => GiveAsync(request));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    private async Task<string> WrittenAsync()
    {
        var story = LedgerStory.Begin();
        await _host.Writer.WriteAsync(new[] { story.Wrap(story.Admitted), story.Wrap(story.Completed) }.Sequenced(), Cancellation);
        return story.RequestId.ToString("D");
    }

    private async Task<Contracts.Metrics.V1.Feedback> GiveAsync(GiveFeedbackRequest request, string tenant = "acme") =>
        await new FeedbackService.FeedbackServiceClient(_host.Channel).GiveFeedbackAsync(request, _host.CallsAs("gateway").For(tenant, "chat", TimeSpan.FromSeconds(20), Cancellation));
}
