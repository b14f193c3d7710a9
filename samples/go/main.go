// A streamed answer over gRPC, with its usage and cost.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"sample/gen/chat"
	failures "sample/gen/errors"
	"sample/gen/gateway"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "failed:", err)
		os.Exit(1)
	}
}

func run() error {
	address, err := url.Parse(setting("ORCHESTRATION_URL", "http://localhost:8081"))
	if err != nil {
		return err
	}
	connection, err := grpc.NewClient(address.Host, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+os.Getenv("ORCHESTRATION_KEY"))
	stream, err := gateway.NewChatServiceClient(connection).Stream(ctx, &chat.ChatRequest{
		Model: setting("ORCHESTRATION_MODEL", "auto"),
		Messages: []*chat.Message{{
			Role:  chat.Role_ROLE_USER,
			Parts: []*chat.Part{{Content: &chat.Part_Text{Text: &chat.Text{Text: "Which planet is the largest?"}}}},
		}},
	})
	if err != nil {
		return err
	}
	return read(stream)
}

func read(stream gateway.ChatService_StreamClient) error {
	kinds := map[int32]chat.PartKind{}
	var input, output int64
	settled := false
	for {
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) && settled {
			return nil
		}
		if err != nil {
			return explain(err, stream.Trailer())
		}
		switch content := event.Event.(type) {
		case *chat.ChatEvent_PartStart:
			kinds[content.PartStart.PartIndex] = content.PartStart.Kind
		case *chat.ChatEvent_PartDelta:
			if kinds[content.PartDelta.PartIndex] == chat.PartKind_PART_KIND_TEXT {
				fmt.Print(content.PartDelta.Text)
			}
		case *chat.ChatEvent_Usage: // counts so far; the last one holds
			input = content.Usage.InputTokens + content.Usage.CacheReadTokens
			output = content.Usage.OutputTokens + content.Usage.ReasoningTokens
		case *chat.ChatEvent_Error:
			return fmt.Errorf("the answer broke off: %s: %s", content.Error.Code, content.Error.Message)
		case *chat.ChatEvent_Summary:
			settled = true
			fmt.Printf("\nusage: %d in, %d out\n", input, output)
			if cost := content.Summary.Cost; cost != nil {
				fmt.Printf("cost: %s %s\n", cost.Amount, cost.Currency)
			}
		}
	}
}

// The gateway's own words travel in a trailer beside the status.
func explain(err error, trailer metadata.MD) error {
	for _, bytes := range trailer.Get("orchestration-failure-bin") {
		failure := &failures.Failure{}
		if proto.Unmarshal([]byte(bytes), failure) == nil {
			return fmt.Errorf("%s: %s", failure.Code, failure.Message)
		}
	}
	return err
}

func setting(name string, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
