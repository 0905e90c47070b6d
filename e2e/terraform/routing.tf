# Hours of operation, queues, routing profiles and quick connects.

resource "aws_connect_hours_of_operation" "weekdays" {
  instance_id = local.instance
  name        = "Weekdays"
  description = local.description
  time_zone   = var.changed ? "Europe/London" : "Europe/Berlin"
  tags        = var.tags

  dynamic "config" {
    for_each = var.changed ? ["MONDAY"] : ["MONDAY", "TUESDAY"]
    content {
      day = config.value
      start_time {
        hours   = 9
        minutes = 0
      }
      end_time {
        hours   = 17
        minutes = 30
      }
    }
  }
}

resource "aws_connect_queue" "orders" {
  instance_id = local.instance
  name        = "Orders"
  description = local.description
  hours_of_operation_id = (
    var.changed
    ? data.aws_connect_hours_of_operation.built_in.hours_of_operation_id
    : aws_connect_hours_of_operation.weekdays.hours_of_operation_id
  )
  max_contacts      = var.changed ? 20 : 10
  status            = var.changed ? "DISABLED" : "ENABLED"
  quick_connect_ids = var.changed ? [] : [aws_connect_quick_connect.office.quick_connect_id]
  tags              = var.tags

  outbound_caller_config {
    outbound_caller_id_name = local.description
  }
}

resource "aws_connect_queue" "returns" {
  instance_id           = local.instance
  name                  = var.changed ? "Goods returned" : "Returns"
  description           = "Goods that come back"
  hours_of_operation_id = aws_connect_hours_of_operation.weekdays.hours_of_operation_id
}

resource "aws_connect_routing_profile" "calls" {
  instance_id               = local.instance
  name                      = "Calls"
  description               = local.description
  default_outbound_queue_id = var.changed ? aws_connect_queue.returns.queue_id : aws_connect_queue.orders.queue_id
  tags                      = var.tags

  media_concurrencies {
    channel     = "VOICE"
    concurrency = 1
  }

  dynamic "media_concurrencies" {
    for_each = var.changed ? [4] : []
    content {
      channel     = "CHAT"
      concurrency = media_concurrencies.value
    }
  }

  queue_configs {
    channel  = "VOICE"
    delay    = var.changed ? 30 : 0
    priority = 1
    queue_id = aws_connect_queue.orders.queue_id
  }

  dynamic "queue_configs" {
    for_each = var.changed ? [] : [aws_connect_queue.returns.queue_id]
    content {
      channel  = "VOICE"
      delay    = 60
      priority = 2
      queue_id = queue_configs.value
    }
  }
}

resource "aws_connect_quick_connect" "office" {
  instance_id = local.instance
  name        = "Office"
  description = local.description
  tags        = var.tags

  quick_connect_config {
    quick_connect_type = "PHONE_NUMBER"
    phone_config {
      phone_number = var.changed ? "+441632960009" : "+441632960000"
    }
  }
}

resource "aws_connect_quick_connect" "returns" {
  instance_id = local.instance
  name        = var.changed ? "Goods returned" : "Returns"

  quick_connect_config {
    quick_connect_type = "QUEUE"
    queue_config {
      contact_flow_id = "a-flow"
      queue_id        = aws_connect_queue.returns.queue_id
    }
  }
}

resource "aws_connect_quick_connect" "person" {
  instance_id = local.instance
  name        = "Ada, then Grace"

  quick_connect_config {
    quick_connect_type = "USER"
    user_config {
      contact_flow_id = "a-flow"
      user_id         = var.changed ? aws_connect_user.grace.user_id : aws_connect_user.ada.user_id
    }
  }
}
