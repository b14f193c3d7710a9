using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.ChatCompletions;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class ForwardedAnswerTests
{
    [Fact]
    public async Task Call_that_ended_under_a_write_is_a_client_that_left_and_no_defect()
    {
        using var answer = new ForwardedAnswer(new EndedCall(), new DefaultHttpContext());

        await answer.AddAsync(new ChatEvent { AttemptStarted = new AttemptStarted() });

        answer.Fault.ShouldBeNull();
        answer.IsDetached.ShouldBeTrue();
    }

    private sealed class EndedCall : IServerStreamWriter<ChatEvent>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(ChatEvent message) => throw new InvalidOperationException("Can't write the message because the request is complete.");
    }
}
